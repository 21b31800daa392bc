import { fileURLToPath } from 'node:url';

/** Where `npm run build:agent` puts what hosts are given. */
export const agentDirectory = fileURLToPath(new URL('../../../../dist/agent', import.meta.url));
