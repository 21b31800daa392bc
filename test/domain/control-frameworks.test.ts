import { expect, test } from 'vitest';
import { controlAttributes, controlsOfAttribute } from '../../packages/server/src/domain/control-frameworks.ts';

test('controls that are too long for one attribute go on in the next, and none is lost', () => {
  const controls = Array.from({ length: 40 }, (_, at) => `A.12.${at}.1`);
  const attributes = controlAttributes([
    { attribute: 'ISO_27001', controls },
    { attribute: 'HIPAA', controls: ['164.308(a)(1)(ii)(D)'] },
  ]);
  expect(attributes.map(({ key }) => key)).toEqual(['ISO_27001', 'ISO_27001_2', 'HIPAA']);
  for (const { value } of attributes) expect(value.length).toBeLessThanOrEqual(256);
  const read = attributes.flatMap((each) => controlsOfAttribute(each) ?? []);
  expect(read.flatMap((each) => (each.framework.attribute === 'ISO_27001' ? each.controls : []))).toEqual(controls);
});

test.each(['CVE_ID', 'ISO_27001_X', 'ISO_27001_', 'ISO_270012', 'PCI_DSS'])('%s names no control', (key) => {
  expect(controlsOfAttribute({ key, value: 'A.1' })).toBeUndefined();
});
