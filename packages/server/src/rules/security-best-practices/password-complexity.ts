import type { Observation } from '../../domain/rules-package.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { modulesOf, whyNotEnforced } from './pam-enforced.ts';
import type { PamEntry } from './pam-stack.ts';
import { historyOf } from './password-history.ts';
import { judgeStacks, type StackLook } from './password-judgement.ts';
import { qualityOf } from './password-quality.ts';
import type { PasswordPolicy, ServiceStack } from './password-stacks.ts';
import type { Unknown } from './unknown.ts';

const leastRemembered = 12;

/**
 * Finding unless the password stack enforces both: all four kinds of characters (every credit -1 or less, or minclass
 * 4, or passwdqc with all but its last length disabled), and that the last 12 passwords are not used again.
 */
export const passwordComplexity: BestPractice = {
  id: 'Configure password complexity',
  title: 'Configure password complexity',
  severity: 'Medium',
  judge: (evidence): Judgement =>
    judgeStacks(evidence, look, (faults, observations) => ({
      outcome: 'FINDING',
      title: 'Password complexity is not configured',
      description:
        `New passwords need not contain every kind of character, or may repeat one of the last ${leastRemembered}: ${faults}. ` +
        'Attackers try simple and reused passwords first.',
      recommendation:
        'Set "lcredit = -1", "ucredit = -1", "dcredit = -1" and "ocredit = -1" in /etc/security/pwquality.conf. Then edit ' +
        '/etc/pam.d/common-password (Debian, Ubuntu), or system-auth and password-auth through authselect (the Red Hat family): ' +
        'call pam_pwquality with "requisite", and between it and pam_unix add ' +
        '"password requisite pam_pwhistory.so use_authtok remember=12".',
      observations,
    })),
};

function look(stack: ServiceStack, policy: PasswordPolicy): StackLook {
  const classes = lookAt(
    stack,
    (entry) => classesOf(entry, policy),
    `no module of the stack ${stack.service} requires kinds of characters`,
  );
  const history = lookAt(
    stack,
    (entry) => rememberedBy(entry, policy),
    `no module of the stack ${stack.service} remembers earlier passwords`,
  );
  return {
    safe: classes.safe && history.safe,
    faults: [classes, history].flatMap((part) => (part.safe ? [] : part.faults)),
    // What is missing for certain is missing, whatever the other half's unread files say.
    unknown: [classes, history].every((part) => part.safe || part.unknown.length > 0)
      ? [...classes.unknown, ...history.unknown]
      : [],
    observations: [...classes.observations, ...history.observations],
  };
}

interface Demand {
  readonly met: boolean;
  readonly said: string;
  readonly expected: string;
  readonly onlyWarns?: string | undefined;
  readonly unread?: Unknown | undefined;
}

function lookAt(stack: ServiceStack, demandOf: (entry: PamEntry) => Demand | undefined, none: string): StackLook {
  const observations: Observation[] = [];
  const faults: string[] = [];
  const unknown: Unknown[] = [];
  let safe = false;
  for (const entry of modulesOf(stack.entries)) {
    const demand = demandOf(entry);
    if (!demand) continue;
    const notEnforced = whyNotEnforced(stack.entries, entry);
    const ignored = demand.onlyWarns ?? notEnforced;
    const observed = `${entry.text} — ${demand.said}${ignored ? `; ${ignored}` : ''}`;
    observations.push({ source: entry.source, observed, expected: demand.expected });
    if (demand.met && ignored === undefined) safe = true;
    else if (demand.unread !== undefined && notEnforced === undefined) unknown.push(demand.unread);
    else
      faults.push(
        ignored === undefined ? demand.said : `${entry.source}: ${entry.module} is not enforced (${ignored})`,
      );
  }
  if (faults.length === 0) faults.push(none);
  return { safe, faults, unknown, observations };
}

function classesOf(entry: PamEntry, policy: PasswordPolicy): Demand | undefined {
  const quality = entry.module === 'pam_unix.so' ? undefined : qualityOf(entry, policy);
  if (!quality) return undefined;
  const said = quality.classes || 'no setting on kinds of characters';
  return {
    met: quality.allClasses,
    said: `${entry.source}: ${entry.module} has ${said}${quality.stopped === undefined ? '' : `, because ${quality.stopped}`}`,
    expected: 'lcredit, ucredit, dcredit and ocredit of -1 or less, or minclass 4',
    onlyWarns: quality.onlyWarns,
    unread: quality.unread,
  };
}

function rememberedBy(entry: PamEntry, policy: PasswordPolicy): Demand | undefined {
  const history = historyOf(entry, policy);
  if (!history) return undefined;
  const { remembered, because, unread } = history;
  return { met: remembered >= leastRemembered, said: because, expected: `remember=${leastRemembered} or more`, unread };
}
