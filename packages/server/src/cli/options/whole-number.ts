import { InvalidArgumentError } from 'commander';

/** Reads an option's value: a whole number from `least` to `most`. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`${least} to ${most}.`);
    }
    return value;
  };
