throw new Error(
  'longhaul/server was bundled for a browser, where there is no Postgres. ' +
    'Import from longhaul/client or longhaul/react there, and from longhaul/server only in server code.',
)
