import type { Finding } from '../../data/describe.ts';
import { type Child, h } from '../../dom.ts';
import { time } from '../../ui/time.ts';

/** All that a finding says beyond its row. */
export function findingDetails(finding: Finding, packageNames: ReadonlyMap<string, string>): HTMLElement {
  const { description, recommendation, attributes, userAttributes, serviceAttributes, createdAt, arn } = finding;
  const rulesPackage = serviceAttributes?.rulesPackageArn;
  return h(
    'div',
    { class: 'details' },
    h('h4', {}, 'What was found'),
    h('p', { class: 'text' }, description ?? 'There is no description.'),
    recommendation !== undefined && [h('h4', {}, 'What to do'), h('p', { class: 'text' }, recommendation)],
    attributes.length > 0 && [h('h4', {}, 'Attributes'), pairs(attributes)],
    userAttributes.length > 0 && [h('h4', {}, 'Your attributes'), pairs(userAttributes)],
    h(
      'p',
      { class: 'quiet foot' },
      rulesPackage !== undefined && [packageNames.get(rulesPackage) ?? rulesPackage, ' · '],
      'found ',
      time(createdAt),
      h('br'),
      h('span', { class: 'id' }, arn),
    ),
  );
}

const pairs = (attributes: Finding['attributes']): Child =>
  h(
    'dl',
    { class: 'pairs' },
    attributes.map(({ key, value }) => [h('dt', {}, key), h('dd', {}, value ?? '')]),
  );
