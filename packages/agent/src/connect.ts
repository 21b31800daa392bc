import { readFileSync } from 'node:fs';
import { AgentStopped } from './agent-stopped.ts';
import { type Client, openClient } from './client.ts';

export interface ConnectOptions {
  /** `http:` or `https:`, without a path. */
  readonly server: URL;
  /** PEM file of the certificates that alone are trusted. */
  readonly caFile?: string | undefined;
  /** Speaks plain HTTP to other hosts too. */
  readonly insecureHttp?: boolean | undefined;
}

/** A client of the server that an agent is given, for one process of it where it signs. Throws {@link AgentStopped} for one that evidence must not go to. */
export const connect = (options: ConnectOptions, processId?: string): Client =>
  openClient(requireSafe(options), { ...readCa(options.caFile), ...(processId === undefined ? {} : { processId }) });

function requireSafe({ server, insecureHttp }: ConnectOptions): URL {
  const { protocol, hostname, pathname, search, username, password } = server;
  if ((protocol !== 'http:' && protocol !== 'https:') || pathname !== '/' || search || username || password) {
    throw new AgentStopped('The server must be a URL such as https://assay.example.com:8020, without path or user.');
  }
  const loopback = /^(localhost|127(\.[0-9]+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && !loopback && !insecureHttp) {
    throw new AgentStopped(
      `Evidence is not sent to ${hostname} over plain HTTP, where others can read it. Use https, or --insecure-http in a network that you trust.`,
    );
  }
  return server;
}

function readCa(file: string | undefined): { readonly ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new AgentStopped(`The CA file cannot be read: ${(error as Error).message}`);
  }
}
