import { FeedFault } from '../feed-fault.ts';
import type { FeedPorts } from './feed-ports.ts';

const MAX_REDIRECTS = 5;
const ANSWER_WITHIN = 60_000;
/** Who asks, for publishers that refuse requests without a name. */
const AGENT = 'assay-feeds (self-hosted vulnerability assessment; takes each feed at most once a day)';

/**
 * GETs a URL, following redirects, never from https to http. Each server must begin its answer within `answerWithin`
 * milliseconds. Throws {@link FeedFault}, or whatever fetch throws.
 */
export async function request(
  ports: FeedPorts,
  from: string,
  headers: Record<string, string>,
  answerWithin = ANSWER_WITHIN,
): Promise<Response> {
  let url = new URL(from);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new FeedFault(`${url.protocol} is not http`);
    const controller = new AbortController();
    const deadline = ports.deadline(answerWithin);
    const giveUp = (): void => controller.abort(new Error(`no answer in ${answerWithin / 1000} seconds`));
    deadline.addEventListener('abort', giveUp, { once: true });
    const response = await ports.fetch(url.href, {
      // As it is: a part of it can then be asked for again.
      headers: { 'accept-encoding': 'identity', 'user-agent': ports.agent ?? AGENT, ...headers },
      redirect: 'manual',
      signal: controller.signal,
    });
    deadline.removeEventListener('abort', giveUp);
    const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    if (!URL.canParse(location, url)) throw new FeedFault('it redirects to something that is not a URL');
    const next = new URL(location, url);
    if (url.protocol === 'https:' && next.protocol !== 'https:') throw new FeedFault('it redirects from https to http');
    url = next;
  }
  throw new FeedFault(`it redirects more than ${MAX_REDIRECTS} times`);
}
