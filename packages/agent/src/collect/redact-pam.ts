/** An argument (in brackets it may hold spaces and `\]`, see pam.conf(5)), or what stands between two. */
const TOKENS = /\[(?:\\[\s\S]|[^\]\n\\])*\]?|(?:\\\r?\n|\s)+|(?:(?!\\\r?\n)\S)+/g;
const ASSIGNMENT = /(?<![\w.-])([\w.-]+)=(?=.)/gs;
const SECRET = /passwd|password|secret|bindpw|crypt[._-]?key|api[._-]?key|^key$/i;
const URL_PASSWORD = /(:\/\/[^\s:@/[\]]*:)[^\s@/[\]]+@/g;

/**
 * A PAM file without the values of arguments whose names say that they are secret (`passwd=…`, also in a comment), and
 * without passwords in URLs. Lines stay where they are.
 */
export const redactPam = (text: string): string =>
  text.replace(TOKENS, redactArgument).replace(URL_PASSWORD, '$1[redacted]@');

function redactArgument(argument: string): string {
  for (const { 0: assignment, 1: name = '', index } of argument.matchAll(ASSIGNMENT)) {
    if (!SECRET.test(name)) continue;
    // Up to the argument's end: a value with a separator of its own is not cut short.
    const from = index + assignment.length;
    const bracketed = argument.startsWith('[');
    const closing = bracketed && /[^\\]\]$/.test(argument) ? ']' : '';
    const value = argument.slice(from, argument.length - closing.length);
    if (value === '') return argument;
    const continued = value.match(/\\\r?\n/g) ?? [];
    return `${argument.slice(0, from)}[redacted${bracketed ? '\\' : ''}]${continued.join('')}${closing}`;
  }
  return argument;
}
