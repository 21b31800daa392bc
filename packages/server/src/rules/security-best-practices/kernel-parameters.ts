/** The parameters that the boot loader gave the kernel; what stands after ` -- ` is for init. */
export const kernelParameters = (commandLine: string): readonly string[] => {
  const words = commandLine.split(/[\s\0]+/).filter((word) => word !== '');
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
};

/** In a container there is only the host's kernel. */
export const hostKernel = (container: string | undefined): string =>
  container === undefined
    ? ''
    : ' This host is a container: the kernel judged is that of the machine it runs on, and has to be changed there.';
