import type { Outgoing, Send } from './delivery.ts';
import { type PostDeps, post } from './post.ts';

/** A POST as Slack's incoming webhooks take it, and Mattermost's, Rocket.Chat's and Discord's (with /slack) as well. */
export const slack =
  (deps: PostDeps): Send =>
  (address, outgoing, stop) => {
    const body = JSON.stringify({ text: textOf(outgoing) });
    return post(deps, address, { headers: { 'content-type': 'application/json', 'user-agent': 'Assay' }, body }, stop);
  };

/** What happened, in words: the event, and every member of its message that says something of it. */
function textOf({ event, message }: Outgoing): string {
  const members = JSON.parse(message) as Readonly<Record<string, unknown>>;
  const { event: _, ...rest } = members;
  const words = event.toLowerCase().replaceAll('_', ' ').replace('assessment run', 'Assessment run');
  const lines = Object.entries(rest).map(([name, value]) => `${name}: ${String(value)}`);
  return [`*${words.charAt(0).toUpperCase()}${words.slice(1)}*`, ...lines].map(escaped).join('\n');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
