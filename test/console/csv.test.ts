import { csvLine } from '@assay/model/csv.ts';
import { expect, test } from 'vitest';

test.each([
  [['a', 1, undefined], 'a,1,\r\n'],
  [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"\r\n'],
  [['=1+1', '+1', '-1', '@x', '\tx'], "'=1+1,'+1,'-1,'@x,'\tx\r\n"],
  [['=HYPERLINK("http://x","y")'], '"\'=HYPERLINK(""http://x"",""y"")"\r\n'],
  [['\r=1'], '"\'\r=1"\r\n'],
  [[-1, 0.5], '-1,0.5\r\n'],
])('%j is a line that no spreadsheet runs', (values, line) => {
  expect(csvLine(values)).toBe(line);
});
