-- A throwaway Prosody on loopback, as ./try starts it: folder and ports come from the environment.
-- What a real one needs of this is the component, the group of operators, and for patrons a host for each library.

daemonize = false
run_as_root = true
data_path = ENV_TRY_FOLDER .. "/prosody"
pidfile = ENV_TRY_FOLDER .. "/prosody.pid"
log = { info = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(ENV_TRY_CLIENT_PORT) }
component_ports = { tonumber(ENV_TRY_COMPONENT_PORT) }
component_interfaces = { "127.0.0.1" }

-- On loopback nobody listens in; anywhere else leave these three out.
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
modules_disabled = { "s2s", "tls", "offline" }

-- No smacks: a broken connection is told at once, and the desk itself gives the operator time to come back.
modules_enabled = { "roster", "saslauth", "disco", "ping", "posix", "presence", "message", "iq", "groups" }

-- Operators have desk@desk.example in their rosters without having to add it: so the component learns of their presence.
groups_file = ENV_TRY_FOLDER .. "/groups.txt"

VirtualHost "staff.example"
    authentication = "internal_hashed"
    -- What reaches operators who are just away for a moment waits for them.
    modules_enabled = { "offline" }
    modules_disabled = { "s2s", "tls" }

-- Patrons come without an account; the host tells of which library they are.
VirtualHost "bay.example"
    authentication = "anonymous"

VirtualHost "hill.example"
    authentication = "anonymous"

Component "desk.example"
    component_secret = ENV_TRY_COMPONENT_SECRET
