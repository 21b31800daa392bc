import type { ReadTrail } from '../../operations/trail.ts';
import { readTrail, type TrailPosition } from './read-trail.ts';

/** The audit trail of a directory, as operations read it. Lines that are no records are passed over: `assay audit` tells them. */
export const readEvents = (directory: string): ReadTrail =>
  async function* ({ after, since, until }) {
    const position: TrailPosition = { file: undefined, bytes: 0, lines: 0 };
    const first = after?.day ?? since;
    const days = { ...(first === undefined ? {} : { since: first }), ...(until === undefined ? {} : { until }) };
    let [file, line] = ['', 0];
    for await (const entries of readTrail(directory, position, { ...days, growing: true })) {
      const { day = '', part = 0, path = '' } = position.file ?? {};
      if (path !== file) [file, line] = [path, 0];
      for (const event of entries) {
        line += 1;
        const read = after && day === after.day && (part < after.part || (part === after.part && line <= after.line));
        if (!read && !('fault' in event)) yield { event, place: { day, part, line } };
      }
    }
  };
