/** `arn:aws:sns:REGION:ACCOUNT:NAME`; names as SNS allows them. */
const TOPIC = /^arn:aws(-[a-z]+){0,3}:sns:[a-z0-9-]{1,64}:[0-9]{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/;

export const isTopicArn = (text: string): boolean => TOPIC.test(text);
