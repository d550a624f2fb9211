declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** An HTTP server that speaks DynamoDB. `path` is the folder of its store; without it the store is in memory. */
  const dynalite: (options?: { path?: string; createTableMs?: number; deleteTableMs?: number }) => Server;
  export = dynalite;
}
