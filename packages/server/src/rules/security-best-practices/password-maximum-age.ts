import type { Observation } from '../../domain/rules-package.ts';
import { accountAges, never } from './account-ages.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { type LoginDefs, loginDefs } from './login-defs.ts';
import { loginDefsNumber } from './login-defs-number.ts';
import { enumerate, quote } from './quote.ts';
import { missing, notAssessed } from './unknown.ts';

/**
 * Finding when login.defs gives new accounts no maximum age (absent, below 1, or 10000 and more), or when the password
 * of an account does not age. Where /etc/shadow was not seen whole, only a finding is certain.
 */
export const passwordMaximumAge: BestPractice = {
  id: 'Configure password maximum age',
  title: 'Configure password maximum age',
  severity: 'Medium',
  judge: (evidence): Judgement => {
    const accounts = accountAges(evidence);
    const policy = evidence.passwordPolicy;
    const defs: LoginDefs = policy?.data
      ? loginDefs(policy.data.files, policy.limitations)
      : { unread: missing('/etc/login.defs', policy) };
    const { fault, observation } = judgeDefs(defs);
    const unread = ['unread' in defs ? defs.unread : undefined, accounts.unread].filter((each) => each !== undefined);
    const observations = [
      ...(observation ? [observation] : []),
      ...accounts.observations,
      ...unread.map(({ text }) => ({ source: 'not seen', observed: text })),
    ];
    const unseen = [...unread.map(({ text }) => text), ...(accounts.unseen === undefined ? [] : [accounts.unseen])];
    const faults = [...(fault === undefined ? [] : [fault]), ...accounts.faults];
    if (faults.length > 0) {
      return {
        outcome: 'FINDING',
        title: 'Passwords do not expire',
        description: `Users can keep a password indefinitely: ${enumerate(faults)}. An attacker can use a leaked password until it is changed.`,
        recommendation:
          'Set PASS_MAX_DAYS in /etc/login.defs to the age that your policy allows, for example 365. This affects only new ' +
          'accounts: for existing ones, run "chage --maxdays 365 NAME", or lock an unused password with "passwd --lock NAME". If ' +
          'the date of the last change is missing or in the future, run "chage --lastday 0 NAME": the next login then asks for a ' +
          'new password.',
        unseen,
        observations,
      };
    }
    if (unread.length > 0) {
      return notAssessed('The maximum age of passwords is not fully known', unread, observations);
    }
    return { outcome: 'PASSED', unseen, observations };
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
  const days = loginDefsNumber(line.value);
  const observed = `PASS_MAX_DAYS ${quote(line.value)}`;
  const observation = { source: line.source, observed, expected };
  const limited = days !== undefined && days >= 1 && days < never;
  return limited ? { observation } : { fault: `${line.source}: ${observed}`, observation };
}
