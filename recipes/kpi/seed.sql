-- A small chain of shops to try the recipe with: 20 stores, 100 sellers and 2 managers each. SQLite and PostgreSQL.
CREATE TABLE IF NOT EXISTS stores(id varchar(36) NOT NULL PRIMARY KEY, name varchar(100) NOT NULL);
CREATE TABLE IF NOT EXISTS users(id varchar(36) NOT NULL PRIMARY KEY, store_id varchar(36) NOT NULL REFERENCES stores(id), role varchar(20) NOT NULL, name varchar(100) NOT NULL);
INSERT INTO stores(id, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT 'store-' || i, 'Store ' || i FROM n WHERE true ON CONFLICT DO NOTHING;
INSERT INTO users(id, store_id, role, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT 'seller-' || substr(s.id, 7) || '-' || i, s.id, 'seller', 'Seller ' || i FROM n CROSS JOIN stores s WHERE true ON CONFLICT DO NOTHING;
INSERT INTO users(id, store_id, role, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2) SELECT 'manager-' || substr(s.id, 7) || '-' || i, s.id, 'manager', 'Manager ' || i FROM n CROSS JOIN stores s WHERE true ON CONFLICT DO NOTHING;
