import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

function* scrape() {
  yield { name: "TestShop Electronics", url: "https://testshop.example", products: 1250, monthly_visits: 5000, status: "active", scraped_at: "2026-01-10T12:00:00Z" };
  yield { name: "Fashion Forward Store", url: "https://fashion.example", products: 890, monthly_visits: 8500, status: "active", scraped_at: "2026-01-10T12:00:01Z" };
  yield { name: "Home & Garden Plus", url: "https://garden.example", products: 567, monthly_visits: 9800, status: "active", scraped_at: "2026-01-10T12:00:02Z" };
}

const save = spawn("tidemark", ["save", "--to", "sqlite:shops.db", "--table", "shops", "--key", "url", "--batch-count", "10", "--ack"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const ended = once(save, "close");
createInterface({ input: save.stdout }).on("line", (line) => {
  const { line: number, outcome } = JSON.parse(line);
  console.log(number, outcome);
});

for (const shop of scrape()) {
  // A database that is slower than the scraper makes it wait here.
  if (!save.stdin.write(JSON.stringify(shop) + "\n")) await once(save.stdin, "drain");
}
save.stdin.end();
process.exitCode = (await ended)[0];
