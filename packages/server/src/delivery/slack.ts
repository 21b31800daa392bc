import type { Outgoing, Send } from './delivery.ts';
import { eventWords } from './event-words.ts';
import { type PostDeps, post } from './post.ts';

/** A POST as Slack's incoming webhooks take it, and Mattermost's, Rocket.Chat's and Discord's (with /slack) as well. */
export const slack =
  (deps: PostDeps): Send =>
  (address, outgoing, stop) => {
    const body = JSON.stringify({ text: textOf(outgoing) });
    return post(deps, address, { headers: { 'content-type': 'application/json', 'user-agent': 'Assay' }, body }, stop);
  };

function textOf(outgoing: Outgoing): string {
  const { title, lines } = eventWords(outgoing);
  return [`*${title}*`, ...lines].map(escaped).join('\n');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
