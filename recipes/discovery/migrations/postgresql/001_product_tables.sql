CREATE TABLE product_discovery_cache(
    cache_key varchar(255) PRIMARY KEY,
    asins json NOT NULL,
    filters_applied json,
    created_at timestamp DEFAULT now(),
    expires_at timestamp NOT NULL,
    hit_count int DEFAULT 0);
CREATE INDEX idx_discovery_expires_at ON product_discovery_cache(expires_at);
CREATE INDEX idx_discovery_created_at ON product_discovery_cache(created_at);

CREATE TABLE product_scoring_cache(
    cache_key varchar(255) PRIMARY KEY,
    asin varchar(20) NOT NULL,
    roi_percent float NOT NULL,
    velocity_score float NOT NULL,
    recommendation varchar(50) NOT NULL,
    title varchar(500),
    price float,
    bsr int,
    created_at timestamp DEFAULT now(),
    expires_at timestamp NOT NULL,
    hit_count int DEFAULT 0);
CREATE INDEX idx_scoring_expires_at ON product_scoring_cache(expires_at);
CREATE INDEX idx_scoring_asin ON product_scoring_cache(asin);
CREATE INDEX idx_scoring_roi ON product_scoring_cache(roi_percent);
CREATE INDEX idx_scoring_velocity ON product_scoring_cache(velocity_score);

CREATE TABLE search_history(
    id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text,
    user_id varchar(36),
    search_type varchar(50) NOT NULL,
    filters json NOT NULL,
    results_count int NOT NULL,
    source varchar(50),
    created_at timestamp DEFAULT now());
CREATE INDEX idx_history_created_at ON search_history(created_at);
CREATE INDEX idx_history_user_id ON search_history(user_id);
CREATE INDEX idx_history_search_type ON search_history(search_type);
