/** How long the collection of a run may take, as AWS's console offers it: seconds and words. */
export const durations = [
  { value: '180', label: '3 minutes' },
  { value: '900', label: '15 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '28800', label: '8 hours' },
  { value: '43200', label: '12 hours' },
  { value: '86400', label: '24 hours' },
];
