import json
import subprocess
import sys
import threading


def scrape():
    yield {"name": "TestShop Electronics", "url": "https://testshop.example", "products": 1250, "monthly_visits": 5000, "status": "active", "scraped_at": "2026-01-10T12:00:00Z"}
    yield {"name": "Fashion Forward Store", "url": "https://fashion.example", "products": 890, "monthly_visits": 8500, "status": "active", "scraped_at": "2026-01-10T12:00:01Z"}
    yield {"name": "Home & Garden Plus", "url": "https://garden.example", "products": 567, "monthly_visits": 9800, "status": "active", "scraped_at": "2026-01-10T12:00:02Z"}


save = subprocess.Popen(
    ["tidemark", "save", "--to", "sqlite:shops.db", "--table", "shops", "--key", "url", "--batch-count", "10", "--ack"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def listen():
    # What is said here is on disk: a scraper that starts again can leave it out.
    for line in save.stdout:
        ack = json.loads(line)
        print(ack["line"], ack["outcome"])


listener = threading.Thread(target=listen)
listener.start()
for shop in scrape():
    print(json.dumps(shop), file=save.stdin, flush=True)
save.stdin.close()
listener.join()
sys.exit(save.wait())
