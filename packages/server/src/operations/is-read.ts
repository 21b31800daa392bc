/** True for operations that change nothing; of names that are no operation too, since nothing comes of them. */
export const isRead = (operation: string): boolean => !WRITE.test(operation);

const WRITE =
  /^(?:Add|Create|Delete|Map|Pause|Put|Reassess|Record|Register|Remove|Resume|Revoke|Set|Start|Stop|Subscribe|Tag|Unmap|Unsubscribe|Update)/;
