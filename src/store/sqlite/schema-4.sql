-- Deliveries that have not arrived are counted whenever somebody looks, and are few among all that did.
CREATE INDEX outbox_not_delivered ON outbox (receiver, state) WHERE state <> 'delivered';
