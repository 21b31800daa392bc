/** A policy document that is refused; the message begins with the place: `Statement[0].Effect must be …`. */
export class PolicyFault extends Error {}

export const refuse = (place: string, says: string): never => {
  throw new PolicyFault(`${place || 'The policy'} ${says}`);
};
