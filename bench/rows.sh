# The rows of the tables sqlite and postgresql: a million JSON lines of about 160 bytes in $work/rows.jsonl, the same as CSV in rows.csv, and with every second row
# changed, its updated_at newer, in changed.jsonl and changed.csv; the first 100 000 in some.jsonl. Booleans are 1 and 0 in CSV: SQLite has no others.
# shellcheck shell=bash disable=SC2154

make_rows() {
  [ ! -f "$work/some.jsonl" ] || return 0
  awk -v work="$work" '
    function write(name, month, amount) {
      at = sprintf("2026-%02d-%02dT%02d:%02d:%02dZ", month, 1 + i % 28, i % 24, i % 60, i * 7 % 60)
      printf "{\"id\":%d,\"email\":\"%s\",\"name\":\"%s\",\"city\":\"%s\",\"amount\":%s,\"updated_at\":\"%s\",\"active\":%s}\n", i, email, person, city, amount, at, i % 3 ? "true" : "false" >(work "/" name ".jsonl")
      printf "%d,%s,%s,%s,%s,%s,%d\n", i, email, person, city, amount, at, i % 3 ? 1 : 0 >(work "/" name ".csv")
    }
    BEGIN {
      firsts = split("Camille Louis Zoé Gabriel Inès Raphaël Léa Arthur Jeanne Maël", first, " ")
      lasts = split("Martin Bernard Lefèvre Dubois Moreau Girard Rousseau Garnier Faure Besançon Chevalier", last, " ")
      cities = split("Paris,Lyon,Saint-Étienne,Marseille,Nîmes,Clermont-Ferrand,Toulouse,Orléans,Lille,Angers,Aix-en-Provence,Brest,Le Mans", where, ",")
      for (i = 1; i <= 1000000; i++) {
        person = first[1 + i % firsts] " " last[1 + i % lasts]
        email = sprintf("customer.%07d@example.com", i)
        city = where[1 + i % cities]
        amount = sprintf("%d.%02d", i * 7919 % 9000, i % 100)
        write("rows", 1, amount)
        if (i % 2) write("changed", 2, amount + 1); else write("changed", 1, amount)
      }
    }'
  head -100000 "$work/rows.jsonl" >"$work/some.jsonl"
}
