import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scoreVector } from '../../packages/server/src/feeds/cvss.ts';
import { sharedFile, skipNote } from '../support/shared-data.ts';

const real = sharedFile('data/cvss/cvss.csv.gz');

describe('base scores, as FIRST’s calculators give them', () => {
  test.each([
    ['CVSS_V2', 'AV:N/AC:L/Au:N/C:P/I:P/A:P', 7.5],
    ['CVSS_V2', '(AV:N/AC:L/Au:N/C:C/I:C/A:C)', 10],
    ['CVSS_V3', 'CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', 8.1],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS_V3', 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:N', 0],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C', 9.8],
    ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ])('%s %s is %d', (type, vector, score) => expect(scoreVector(type, vector)).toEqual({ type, vector, score }));
});

describe('no score for what is no vector', () => {
  test.each([
    ['another type', 'CVSS_V4', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a type that is none', 'CVSS_V9', 'CVSS:9.0/AV:N'],
    ['a metric is missing', 'CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H'],
    ['a metric twice', 'CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:N'],
    ['a value that is none', 'CVSS_V3', 'CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a metric that is none', 'CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/QQ:H'],
    ['a number', 'CVSS_V3', '9.8'],
    ['nothing', 'CVSS_V2', ''],
  ])('%s', (_, type, vector) => expect(scoreVector(type, vector)).toBeUndefined());
});

test.skipIf(real.absent)(`every vector of a large collection is scored${skipNote(real.absent)}`, () => {
  const vectors = new Set(
    gunzipSync(readFileSync(real.file))
      .toString()
      .match(/CVSS:[34]\.[01]\/[A-Za-z:/]+/g) ?? [],
  );
  expect(vectors.size).toBeGreaterThan(1000);
  const unscored = [...vectors].filter((vector) => scoreVector(`CVSS_V${vector[5]}`, vector) === undefined);
  expect(unscored).toEqual([]);
});
