import { templateArn } from '@assay/model/arn.ts';
import { subscriptionItem } from '../../engine/items/subscription-item.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';
import { requireTemplate, templateResource } from './require-template.ts';

/** The topics that are told of a template's runs, or of every template's, each with all its events. */
export const listEventSubscriptions: Operation<'ListEventSubscriptions', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { resourceArn } = input;
    const arn = resourceArn === undefined ? undefined : templateResource(caller, resourceArn);
    const page = pageRequest(tokens, 'ListEventSubscriptions', caller, input);
    const template = arn && (await requireTemplate(store, caller, arn, resourceArn ?? ''));
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.eventSubscriptions.list(caller.scope, template?.id, after, limit),
      ({ groupAt, groupId }) => ({ at: groupAt, id: groupId }),
    );
    const templates = await store.templates.findMany(caller.scope, [...new Set(rows.map((row) => row.template))]);
    const arns = new Map(templates.map(({ id, target }) => [id, templateArn(caller, target, id)]));
    const subscriptions = rows.map((row) => subscriptionItem(arns.get(row.template) ?? '', row));
    return { subscriptions, nextToken };
  };
