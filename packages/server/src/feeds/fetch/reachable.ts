import { isWebUrl } from '../sources/expand-source.ts';
import type { WantedFeed } from '../update-feeds.ts';
import type { FeedPorts } from './feed-ports.ts';
import { faultReason } from './fetch-to-file.ts';
import { request } from './request.ts';

/**
 * Asks every feed's addresses at once, and says of each feed why none of them began an answer within some milliseconds;
 * undefined for a feed that one of them did, whatever the answer.
 */
export const reasonsOutOfReach = (
  ports: FeedPorts,
  feeds: readonly WantedFeed[],
  within: number,
): Promise<(string | undefined)[]> =>
  Promise.all(
    feeds.map(async ({ source, mirrors = [] }) => {
      const asked = [source, ...mirrors].map((address) => ask(ports, address, within));
      return Promise.any(asked).then(
        () => undefined,
        ({ errors }: AggregateError) => faultReason(errors[0]),
      );
    }),
  );

async function ask(ports: FeedPorts, address: string, within: number): Promise<void> {
  if (!isWebUrl(address)) return;
  const response = await request(ports, address, { range: 'bytes=0-0' }, within);
  await response.body?.cancel().catch(() => undefined);
}
