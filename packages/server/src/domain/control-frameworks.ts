/** A catalogue of controls that an auditor holds systems against. */
export interface ControlFramework {
  /** The key of a finding's attribute that names its controls. */
  readonly attribute: string;
  readonly title: string;
  /** Of the address by which SCAP content refers to it. */
  readonly href: RegExp;
}

/** Those that ComplianceAsCode maps its rules to and that reports list, in the order in which they do. */
export const controlFrameworks: readonly ControlFramework[] = [
  { attribute: 'NIST_SP_800_53', title: 'NIST SP 800-53', href: /NIST\.SP\.800-53/i },
  { attribute: 'NIST_SP_800_171', title: 'NIST SP 800-171', href: /NIST\.SP\.800-171/i },
  { attribute: 'NIST_CSF', title: 'NIST Cybersecurity Framework 1.1', href: /NIST\.CSWP\.04162018/i },
  { attribute: 'PCI_DSS_4', title: 'PCI DSS 4.0', href: /PCI-DSS-v4/i },
  { attribute: 'PCI_DSS_3', title: 'PCI DSS 3.2.1', href: /PCI_DSS_v3/i },
  { attribute: 'HIPAA', title: 'HIPAA (45 CFR part 164)', href: /CFR-2007-title45/i },
  { attribute: 'ISO_27001', title: 'ISO/IEC 27001:2013', href: /^https?:\/\/www\.iso\.org\/.*\/54534\.html/i },
  { attribute: 'CIS_CONTROLS', title: 'CIS Controls', href: /^https?:\/\/(?:www\.)?cisecurity\.org\/controls/i },
  { attribute: 'DISA_STIG', title: 'DISA STIG', href: /^https?:\/\/(?:www|public)\.cyber\.mil\/.*unix-linux/i },
  { attribute: 'BSI_IT_GRUNDSCHUTZ', title: 'BSI IT-Grundschutz', href: /^https?:\/\/www\.bsi\.bund\.de\// },
  { attribute: 'NERC_CIP', title: 'NERC CIP', href: /^https?:\/\/www\.nerc\.com\/.*cip/i },
];

/** The controls of one framework that a rule serves: `NIST_SP_800_53` with `AC-6(5)`. */
export interface ControlReference {
  readonly attribute: string;
  readonly controls: readonly string[];
}

/** Of a finding's attribute: the API's longest value. */
const MAX_VALUE = 256;
const SEPARATOR = ', ';

/**
 * The attributes by which a finding names its controls: `NIST_SP_800_53` = `AC-6(5), CM-6(a)`. Where a framework's controls
 * are longer than one value, `ISO_27001_2` goes on; no control is cut.
 */
export function controlAttributes(references: readonly ControlReference[]): { key: string; value: string }[] {
  return references.flatMap(({ attribute, controls }) => {
    const values: string[] = [];
    for (const control of controls) {
      const last = values.at(-1);
      const longer = last === undefined ? control : `${last}${SEPARATOR}${control}`;
      if (last !== undefined && longer.length <= MAX_VALUE) values[values.length - 1] = longer;
      else values.push(control);
    }
    return values.map((value, at) => ({ key: at === 0 ? attribute : `${attribute}_${at + 1}`, value }));
  });
}

/** The framework and the controls that an attribute of a finding names; undefined for an attribute of another kind. */
export function controlsOfAttribute({
  key,
  value,
}: {
  readonly key: string;
  readonly value: string;
}): { readonly framework: ControlFramework; readonly controls: readonly string[] } | undefined {
  const framework = controlFrameworks.find(({ attribute }) => key === attribute || isMore(key, attribute));
  return framework && { framework, controls: value.split(SEPARATOR) };
}

const isMore = (key: string, attribute: string): boolean =>
  key.startsWith(`${attribute}_`) && /^\d{1,2}$/.test(key.slice(attribute.length + 1));
