#!/bin/sh
# Whatever prints a JSON object a line is a scraper.
scrape() {
  echo '{"name":"TestShop Electronics","url":"https://testshop.example","products":1250,"monthly_visits":5000,"status":"active","scraped_at":"2026-01-10T12:00:00Z"}'
  echo '{"name":"Fashion Forward Store","url":"https://fashion.example","products":890,"monthly_visits":8500,"status":"active","scraped_at":"2026-01-10T12:00:01Z"}'
  echo '{"name":"Home & Garden Plus","url":"https://garden.example","products":567,"monthly_visits":9800,"status":"active","scraped_at":"2026-01-10T12:00:02Z"}'
}

scrape | tidemark save --to sqlite:shops.db --table shops --key url --batch-count 10
