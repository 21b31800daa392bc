import { assayApiModel, assayPaginators } from '@assay/model/assay/api-model.ts';
import { Command } from 'commander';

export const apiModelCommand = (): Command =>
  new Command('api-model')
    .description("Print the Assay API's model, for AWS's tools: aws configure add-model reads it")
    .option('--paginators', 'print the paginators of boto3 and the AWS CLI instead')
    .addHelpText(
      'after',
      '\n  assay api-model > assay.json\n  aws configure add-model --service-model file://assay.json --service-name assay\n' +
        '  aws assay list-hosts --endpoint-url http://127.0.0.1:8020',
    )
    .action(({ paginators }: { readonly paginators?: boolean }) => {
      process.stdout.write(`${JSON.stringify(paginators ? assayPaginators() : assayApiModel(), undefined, 2)}\n`);
    });
