import { templateArn } from '@assay/model/arn.ts';
import { newResourceId } from '../../domain/ids.ts';
import { catalogOf } from '../../engine/judging/rules-package-catalog.ts';
import { doesNotExist, requireOne, requireOwn } from '../arns.ts';
import { invalidInput, limitExceeded } from '../errors.ts';
import type { Operation } from '../operation.ts';

/** Makes a template: what to assess a target with, and for how long evidence may be collected. */
export const createAssessmentTemplate: Operation<
  'CreateAssessmentTemplate',
  'store' | 'creationTime' | 'random' | 'limits'
> =
  ({ store, creationTime, random, limits }) =>
  async (input, caller) => {
    const { ids } = requireOne(caller, 'target', input.assessmentTargetArn);
    const [target = ''] = ids;
    const { assessmentTemplateName: name, rulesPackageArns, userAttributesForFindings: userAttributes = [] } = input;
    if (rulesPackageArns.length === 0) {
      throw invalidInput('INVALID_NUMBER_OF_RULES_PACKAGE_ARNS', 'rulesPackageArns must have 1 to 50 elements');
    }
    requireOwn(caller, 'rulespackage', rulesPackageArns);
    if (new Set(rulesPackageArns).size < rulesPackageArns.length) {
      throw invalidInput('INVALID_RULES_PACKAGE_ARN', 'rulesPackageArns must not name a rules package twice');
    }
    if (new Set(userAttributes.map(({ key }) => key)).size < userAttributes.length) {
      throw invalidInput('INVALID_USER_ATTRIBUTE_KEY', 'userAttributesForFindings must not have a key twice');
    }
    const id = newResourceId(random);
    await store.transaction(async (tables) => {
      const [parent] = await tables.targets.findMany(caller.scope, [target]);
      if (!parent) throw doesNotExist('target', input.assessmentTargetArn);
      const known = new Set(catalogOf(caller.region).map(({ arn }) => arn));
      const unknown = rulesPackageArns.find((arn) => !known.has(arn));
      if (unknown !== undefined) throw doesNotExist('rulespackage', unknown);
      if (await tables.templates.nameTaken(caller.scope, target, name)) {
        throw invalidInput(
          'ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
          `This assessment target has an assessment template "${name}" already`,
        );
      }
      if ((await tables.templates.count(caller.scope)) >= limits.templates) {
        throw limitExceeded(
          'ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED',
          `This account has its ${limits.templates} assessment templates in ${caller.region}`,
        );
      }
      await tables.templates.insert(caller.scope, {
        id,
        target,
        name,
        duration: input.durationInSeconds,
        rulesPackages: await tables.rulesPackageSets.idOf(rulesPackageArns),
        userAttributes,
        runCount: 0,
        lastRun: null,
        tags: [],
        createdAt: creationTime(),
      });
    });
    return { assessmentTemplateArn: templateArn(caller, target, id) };
  };
