/** `arn:aws:iam::ACCOUNT:role/PATH/NAME` */
const ROLE = /^arn:aws(-[a-z]+){0,3}:iam::[0-9]{12}:role\/[\x21-\x7e]{1,250}$/;

export const isRoleArn = (text: string): boolean => ROLE.test(text);
