import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { missing } from './hidden.ts';
import { wholeNumber } from './key-values.ts';
import { type LoginDefs, loginDefs } from './login-defs.ts';
import { enumerate, quote } from './quote.ts';

/** So many days are what the tools write for "never". */
const never = 99_999;

/**
 * Finding when login.defs gives new accounts no maximum age (absent, below 1, or 99999 and more), or when an account
 * with a usable password has none. Locked accounts do not count.
 */
export const passwordMaximumAge: BestPractice = {
  id: 'Configure password maximum age',
  title: 'Configure password maximum age',
  severity: 'Medium',
  judge: (evidence): Judgement => {
    const { faults: accountFaults, observations: accountsSeen } = judgeAccounts(evidence);
    const policy = evidence.passwordPolicy;
    const defs: LoginDefs = policy?.data
      ? loginDefs(policy.data.files, policy.limitations)
      : { unread: missing('/etc/login.defs', policy) };
    const { fault, observation } = judgeDefs(defs);
    const observations = [...(observation ? [observation] : []), ...accountsSeen];
    const faults = [...(fault === undefined ? [] : [fault]), ...accountFaults];
    if (faults.length > 0) {
      return {
        outcome: 'FINDING',
        title: 'Passwords do not expire',
        description:
          `Passwords may be kept for ever: ${enumerate(faults)}. A password that has leaked stays useful to whoever has it until it ` +
          'is changed.',
        recommendation:
          'Set PASS_MAX_DAYS in /etc/login.defs to the age that your policy allows, for instance 365; it holds for accounts made ' +
          'later. Give those that exist the same with "chage --maxdays 365 NAME", or lock passwords that are not used ' +
          'with "passwd --lock NAME".',
        observations,
      };
    }
    if ('unread' in defs) {
      return {
        outcome: 'NOT_ASSESSED',
        reason: `The maximum age of passwords is not known: ${defs.unread}`,
        observations,
      };
    }
    return { outcome: 'PASSED', observations };
  },
};

function judgeDefs(defs: LoginDefs): { fault?: string; observation?: Observation } {
  if ('unread' in defs) return {};
  const expected = `PASS_MAX_DAYS from 1 to ${never - 1}`;
  const line = defs.get('PASS_MAX_DAYS');
  if (!line) {
    const observed = 'PASS_MAX_DAYS is not set';
    return { fault: `${defs.path}: ${observed}`, observation: { source: defs.path, observed, expected } };
  }
  const days = wholeNumber(line.value);
  const observed = `PASS_MAX_DAYS ${quote(line.value)}`;
  const observation = { source: line.source, observed, expected };
  const limited = days !== undefined && days >= 1 && days < never;
  return limited ? { observation } : { fault: `${line.source}: ${observed}`, observation };
}

function judgeAccounts(evidence: HostEvidence): { faults: string[]; observations: Observation[] } {
  const accounts = evidence.accounts?.data?.accounts;
  const note = (observed: string) => ({ faults: [], observations: [{ source: '/etc/shadow', observed }] });
  if (!accounts) return note(`accounts not judged: ${missing('/etc/shadow', evidence.accounts)}`);
  if (accounts.length > 0 && accounts.every(({ password }) => password === undefined)) {
    return note('accounts not judged: the agent may not read it');
  }
  const usable = accounts.filter(({ password }) => password === 'HASHED');
  const eternal = usable.filter(({ maximumDays: days }) => days === undefined || days < 0 || days >= never);
  const observations = eternal.slice(0, 50).map(({ name, maximumDays }) => ({
    source: '/etc/shadow',
    observed: `${quote(name)}: ${maximumDays === undefined ? 'no maximum age' : `maximum age ${maximumDays} days`}`,
    expected: `a maximum age below ${never} days`,
  }));
  const summary = `${usable.length} accounts with a password, ${eternal.length} of them without a maximum age`;
  return {
    faults:
      eternal.length === 0
        ? []
        : [`/etc/shadow: no maximum age for ${enumerate(eternal.map(({ name }) => quote(name)))}`],
    observations: [{ source: '/etc/shadow', observed: summary }, ...observations],
  };
}
