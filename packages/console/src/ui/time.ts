import { type Child, h } from '../dom.ts';
import { formatTime } from '../format.ts';

/** A moment, or a dash where it has not come. */
export const time = (seconds: number | undefined): Child =>
  seconds === undefined
    ? h('span', { class: 'quiet' }, '–')
    : h('time', { datetime: new Date(seconds * 1000).toISOString() }, formatTime(seconds));
