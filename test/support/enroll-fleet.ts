import type { Scope } from '@assay/model/arn.ts';
import { issueEnrollmentTokens } from '../../packages/server/src/runtime/issue-enrollment-tokens.ts';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { insecure } from '../rules/security-best-practices/hosts.ts';
import { enrollSimulatedAgent, type SimulatedAgent } from './simulated-agent.ts';

/** So many agents of insecure hosts, each enrolled through a server with a token of its own. */
export async function enrollFleet(
  location: StoreLocation,
  account: Scope,
  hosts: number,
  endpointOf: (index: number) => () => string,
  tagsOf: (index: number) => { key: string; value: string }[] = () => [],
): Promise<SimulatedAgent[]> {
  const store = await openStore(location);
  const tokens = await issueEnrollmentTokens(store, account, 3_600_000, hosts);
  await store.close();
  return Promise.all(
    tokens.map((token, index) =>
      enrollSimulatedAgent({
        endpoint: endpointOf(index),
        token,
        hostname: `host-${index}`,
        tags: tagsOf(index),
        evidence: insecure,
      }),
    ),
  );
}
