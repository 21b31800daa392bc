import { InvalidArgumentError } from 'commander';

/** The address of a server, without a slash at its end. */
export function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new InvalidArgumentError('It must be like https://assay.example:8020.');
  }
  return url.href.replace(/\/+$/, '');
}
