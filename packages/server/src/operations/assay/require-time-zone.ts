import { invalidInput } from './errors.ts';

/** A time zone that this server knows; UTC where none is given. Throws INVALID_MEMBER. */
export function requireTimeZone(name = 'UTC'): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    throw invalidInput('INVALID_MEMBER', `"${name}" is not a time zone: give one like Europe/Berlin or UTC`);
  }
  return name;
}
