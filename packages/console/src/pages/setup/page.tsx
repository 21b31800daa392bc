import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Wizard from '@cloudscape-design/components/wizard';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { goTo } from '../../app/use-route.ts';
import { tagsText } from '../../data/tags.ts';
import { readTargetDraft, type TargetDraft } from '../../data/target-draft.ts';
import { readTemplateDraft, type TemplateDraft } from '../../data/template-draft.ts';
import { useRulesPackageList } from '../../data/use-rules-package-list.ts';
import { useTargets } from '../../data/use-targets.ts';
import { readWhenDraft, usualWhen } from '../../data/when-draft.ts';
import { formatDuration } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { WhenFields } from '../schedules/when-fields.tsx';
import { HostPreview } from '../targets/host-preview.tsx';
import { TargetFields } from '../targets/target-fields.tsx';
import { TargetHosts } from '../targets/target-hosts.tsx';
import { TemplateFields } from '../templates/template-fields.tsx';
import { createAll, type SetupMade } from './create-all.ts';
import { SetupDone } from './setup-done.tsx';

/** Everything that an assessment needs, in one go: target, template, schedule and the first run. */
export function SetupPage(): ReactNode {
  const { call, assay, whyNot, notify } = useSession();
  const targets = useTargets();
  const packages = useRulesPackageList();
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [existing, setExisting] = useState('');
  const [useExisting, setUseExisting] = useState(false);
  const [target, setTarget] = useState<TargetDraft>({ name: 'all hosts', every: true, tags: '' });
  const [template, setTemplate] = useState<TemplateDraft>({
    name: 'standard',
    packages: [],
    seconds: 3600,
    attributes: '',
  });
  const [scheduled, setScheduled] = useState(false);
  const [when, setWhen] = useState(usualWhen);
  const [startNow, setStartNow] = useState(true);
  const [going, setGoing] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const [finished, setFinished] = useState<SetupMade>();
  const made = useRef<SetupMade>({});

  const all = packages.data;
  useEffect(() => {
    if (all)
      setTemplate((before) =>
        before.packages.length > 0 ? before : { ...before, packages: all.map(({ arn }) => arn) },
      );
  }, [all]);

  const readTarget = readTargetDraft(target);
  const readTemplate = readTemplateDraft(template);
  const readWhen = readWhenDraft(when);
  const targetProblem = useExisting ? (existing === '' ? 'Choose a target.' : '') : readTarget.problem;
  const problems = [targetProblem, readTemplate.problem, scheduled ? readWhen.problem : '', ''];
  const options = (targets.data ?? []).map(({ arn, name }) => ({ value: arn, label: name }));
  const targetName = useExisting ? (options.find(({ value }) => value === existing)?.label ?? '') : readTarget.name;
  const mayStart = whyNot('inspector:StartAssessmentRun');

  const submit = async (): Promise<void> => {
    const first = problems.findIndex(Boolean);
    if (first >= 0) {
      setStep(first);
      setTried(true);
      return;
    }
    setGoing(true);
    setFault(undefined);
    try {
      await createAll(
        call,
        assay,
        {
          target: useExisting ? existing : readTarget,
          template: { ...readTemplate, packages: template.packages, seconds: template.seconds },
          schedule: scheduled ? readWhen.when : undefined,
          startNow: startNow && mayStart === undefined,
        },
        made.current,
      );
      if (made.current.run === undefined) setFinished({ ...made.current });
      else {
        notify({ type: 'success', content: `${targetName} is set up, and its first run is started.` });
        goTo(hrefOf(['runs', made.current.run]));
      }
    } catch (failed) {
      setFault(failed);
    } finally {
      setGoing(false);
    }
  };

  if (finished?.template !== undefined) return <SetupDone template={finished.template} name={readTemplate.name} />;
  return (
    <Wizard
      activeStepIndex={step}
      isLoadingNextStep={going}
      allowSkipTo={problems.every((problem) => problem === '')}
      submitButtonText={startNow ? 'Create and start the first run' : 'Create'}
      i18nStrings={{
        stepNumberLabel: (number) => `Step ${number}`,
        collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`,
        skipToButtonLabel: ({ title }) => `Skip to ${title}`,
        navigationAriaLabel: 'Steps',
        cancelButton: 'Cancel',
        previousButton: 'Previous',
        nextButton: 'Next',
        optional: 'optional',
      }}
      onCancel={() => goTo('#/')}
      onSubmit={() => void submit()}
      onNavigate={({ detail }) => {
        const blocked =
          detail.requestedStepIndex > step && problems.slice(step, detail.requestedStepIndex).some(Boolean);
        setTried(blocked);
        if (!blocked) setStep(detail.requestedStepIndex);
      }}
      steps={[
        {
          title: 'Hosts',
          description: 'A target says which hosts are assessed.',
          content: (
            <Container header={<Header variant="h2">Target</Header>}>
              <SpaceBetween size="m">
                <FaultAlert fault={targets.fault} retry={targets.reload} />
                {options.length > 0 ? (
                  <RadioGroup
                    ariaLabel="Target"
                    value={useExisting ? 'existing' : 'new'}
                    items={[
                      { value: 'new', label: 'A new target' },
                      { value: 'existing', label: 'An existing target' },
                    ]}
                    onChange={({ detail }) => setUseExisting(detail.value === 'existing')}
                  />
                ) : null}
                {useExisting ? (
                  <SpaceBetween size="m">
                    <FormField label="Target" errorText={tried ? targetProblem : ''}>
                      <Select
                        options={options}
                        selectedOption={options.find(({ value }) => value === existing) ?? null}
                        filteringType="auto"
                        placeholder="Choose a target"
                        onChange={({ detail }) => setExisting(detail.selectedOption.value ?? '')}
                      />
                    </FormField>
                    {existing === '' ? null : <TargetHosts key={existing} arn={existing} />}
                  </SpaceBetween>
                ) : (
                  <TargetFields draft={target} change={setTarget} tried={tried} />
                )}
              </SpaceBetween>
            </Container>
          ),
        },
        {
          title: 'Rules',
          description: 'A template says what they are judged by.',
          content: (
            <Container header={<Header variant="h2">Template</Header>}>
              <TemplateFields draft={template} change={setTemplate} tried={tried} />
            </Container>
          ),
        },
        {
          title: 'Schedule',
          isOptional: true,
          description: 'Runs can be started by hand, by a schedule or both.',
          content: (
            <Container header={<Header variant="h2">Schedule</Header>}>
              <SpaceBetween size="m">
                <Checkbox
                  checked={scheduled}
                  disabled={whyNot('assay:CreateSchedule') !== undefined}
                  description={whyNot('assay:CreateSchedule')}
                  onChange={({ detail }) => setScheduled(detail.checked)}
                >
                  Run it by a schedule
                </Checkbox>
                {scheduled ? <WhenFields draft={when} change={setWhen} /> : null}
              </SpaceBetween>
            </Container>
          ),
        },
        {
          title: 'Review',
          description: 'Nothing is created before this.',
          content: (
            <SpaceBetween size="l">
              <FaultAlert fault={fault} />
              <Container header={<Header variant="h2">What will be created</Header>}>
                <KeyValuePairs
                  columns={2}
                  items={[
                    { label: 'Target', value: `${targetName}${useExisting ? ' (exists already)' : ''}` },
                    {
                      label: 'Hosts',
                      value: useExisting ? <TargetHosts arn={existing} /> : <HostPreview tags={readTarget.tags} />,
                    },
                    { label: 'Template', value: readTemplate.name },
                    {
                      label: 'Rules packages',
                      value: template.packages
                        .map((arn) => all?.find((each) => each.arn === arn)?.name ?? arn)
                        .join(', '),
                    },
                    { label: 'Longest time to collect', value: formatDuration(template.seconds) },
                    { label: 'Attributes for findings', value: tagsText(readTemplate.attributes) || 'None' },
                    {
                      label: 'Schedule',
                      value: scheduled ? whenWords(readWhen.when) : 'None: runs are started by hand',
                    },
                  ]}
                />
              </Container>
              <Checkbox
                checked={startNow && mayStart === undefined}
                disabled={mayStart !== undefined}
                description={
                  mayStart ?? 'Without it you see first what a run would leave out, and start it from there.'
                }
                onChange={({ detail }) => setStartNow(detail.checked)}
              >
                Start the first run now
              </Checkbox>
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

function whenWords({ everyDays, cron, timeZone }: ReturnType<typeof readWhenDraft>['when']): string {
  return everyDays === undefined ? `${cron} (${timeZone})` : everyDays === 1 ? 'Every day' : `Every ${everyDays} days`;
}
