import { controlFrameworks, controlsOfAttribute } from '../../../domain/control-frameworks.ts';
import type { ReportData, ReportHost } from '../report-data.ts';
import { formatNumber } from '../report-words.ts';
import type { Block, Part } from './block.ts';

export const controlsTitle = 'Findings by control';

/** Whether a finding names a control: whether there is such a part. */
export const namesControls = ({ findings }: ReportData): boolean =>
  findings.some(({ variants }) =>
    variants.some(({ occurrences: [first] }) => first?.attributes.some((each) => controlsOfAttribute(each))),
  );

/** What findings say of one control. */
interface Control {
  readonly rules: Set<string>;
  /** A 1 at the number of each host. */
  readonly hosts: Uint8Array;
  findings: number;
}

/** Findings by the controls of other frameworks that their rules serve; undefined where no finding names one. */
export function controlsPart(data: ReportData): Part | undefined {
  if (!namesControls(data)) return undefined;
  const { findings, hosts } = data;
  const frameworks = new Map<string, Map<string, Control>>();
  const numbers = new Map(hosts.map((host, at) => [keyOf(host), at]));
  const controlOf = (attribute: string, name: string): Control => {
    const known = frameworks.get(attribute) ?? new Map<string, Control>();
    frameworks.set(attribute, known);
    const control = known.get(name) ?? { rules: new Set(), hosts: new Uint8Array(hosts.length), findings: 0 };
    known.set(name, control);
    return control;
  };
  for (const { title, variants } of findings) {
    for (const { occurrences } of variants) {
      // Findings with one text are one rule's, of one version of the content: they name the same controls.
      const controls = (occurrences[0]?.attributes ?? []).flatMap((attribute) => {
        const of = controlsOfAttribute(attribute);
        return of ? of.controls.map((name) => controlOf(of.framework.attribute, name)) : [];
      });
      for (const control of controls) {
        control.rules.add(title);
        control.findings += occurrences.length;
        for (const { host } of occurrences) {
          const number = numbers.get(keyOf(host));
          if (number !== undefined) control.hosts[number] = 1;
        }
      }
    }
  }
  return {
    name: 'controls',
    title: controlsTitle,
    blocks: [
      {
        kind: 'text',
        text: 'Controls of other frameworks that rules with findings serve, as the SCAP content of the CIS rules maps them. A control that is not listed has no finding among those rules; that does not mean that it is fulfilled.',
        tone: 'soft',
      },
      ...controlFrameworks.flatMap(({ attribute, title }) => {
        const controls = frameworks.get(attribute);
        return controls ? framework(title, controls) : [];
      }),
    ],
  };
}

const keyOf = ({ agent, hostname }: ReportHost): string => agent ?? hostname;

const numerically = new Intl.Collator('en', { numeric: true });
/** Titles of rules that a row names; the others are counted. */
const NAMED = 5;

const framework = (title: string, controls: ReadonlyMap<string, Control>): Block[] => [
  { kind: 'heading', text: title },
  {
    kind: 'table',
    columns: [
      { title: 'Control', share: 20 },
      { title: 'Findings', share: 10 },
      { title: 'Hosts', share: 10 },
      { title: 'Rules', share: 60 },
    ],
    rows: [...controls]
      .sort(([a], [b]) => numerically.compare(a, b))
      .map(([name, { rules, hosts, findings }]) => [
        name,
        formatNumber(findings),
        formatNumber(hosts.reduce((sum, each) => sum + each, 0)),
        namesOf([...rules].sort(numerically.compare)),
      ]),
  },
];

const namesOf = (rules: readonly string[]): string =>
  [...rules.slice(0, NAMED), ...(rules.length > NAMED ? [`and ${formatNumber(rules.length - NAMED)} more`] : [])].join(
    '\n',
  );
