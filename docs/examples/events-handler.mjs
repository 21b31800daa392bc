// A receiver of SNS messages over HTTP, as they were written for Amazon Inspector Classic.
import { createServer } from 'node:http';
import { Inspector } from '@aws-sdk/client-inspector';

// Takes the endpoint, the region and the keys from the environment, as every client of AWS.
const inspector = new Inspector();

async function handle(sns) {
  if (sns.Type === 'SubscriptionConfirmation') {
    await fetch(sns.SubscribeURL);
    console.log(`subscribed to ${sns.TopicArn}`);
  }
  if (sns.Type !== 'Notification') return;
  const message = JSON.parse(sns.Message);
  switch (message.event) {
    case 'ASSESSMENT_RUN_STARTED':
    case 'ASSESSMENT_RUN_COMPLETED':
      console.log(`${message.event} ${message.run}`);
      break;
    case 'ASSESSMENT_RUN_STATE_CHANGED':
      console.log(`state ${message.newstate}`);
      break;
    case 'FINDING_REPORTED': {
      const { findings } = await inspector.describeFindings({ findingArns: [message.finding] });
      for (const { severity, title, assetAttributes } of findings) {
        console.log(`finding ${severity}: ${title} (${assetAttributes.hostname})`);
      }
    }
  }
}

const server = createServer(async (request, response) => {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await handle(JSON.parse(Buffer.concat(chunks)));
    response.end();
  } catch (error) {
    console.error(error);
    // It is sent again.
    response.writeHead(500).end();
  }
});
server.listen(process.env.PORT ?? 8080, '127.0.0.1', () => console.log(`listens on port ${server.address().port}`));
