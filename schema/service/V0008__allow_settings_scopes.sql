-- Tokens for programs that read and change how queues are routed and when libraries answer their telephones.
ALTER TABLE api_token DROP CONSTRAINT api_token_scopes_check;
ALTER TABLE api_token ADD CONSTRAINT api_token_scopes_check CHECK (
    cardinality(scopes) >= 1 AND array_position(scopes, NULL) IS NULL
    AND scopes <@ ARRAY['sessions:write', 'sessions:read', 'presence:write', 'events:read', 'policy:read',
        'policy:write', 'webhooks', 'settings:read', 'settings:write']);
