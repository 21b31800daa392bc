import type { Output } from '@assay/model/api/operations.ts';
import { useSession } from '../app/session-context.ts';
import { type Data, useData } from '../app/use-data.ts';
import { after, readAll } from './pages.ts';

export type RulesPackage = Output<'DescribeRulesPackages'>['rulesPackages'][number];

/** The rules packages that a template can have, with what each says of itself. */
export function useRulesPackageList(): Data<readonly RulesPackage[]> {
  const { call } = useSession();
  return useData('rules packages described', async () => {
    const { items } = await readAll(async (token) => {
      const listed = await call('ListRulesPackages', { maxResults: 100, ...after(token) });
      return { items: listed.rulesPackageArns, nextToken: listed.nextToken };
    }, 500);
    const described: RulesPackage[] = [];
    for (let from = 0; from < items.length; from += 10) {
      const { rulesPackages } = await call('DescribeRulesPackages', { rulesPackageArns: items.slice(from, from + 10) });
      described.push(...rulesPackages);
    }
    return described;
  });
}
