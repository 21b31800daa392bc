export interface Target {
  readonly id: string;
  readonly name: string;
  /** The resource group's id; null for a target of every host. */
  readonly resourceGroup: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}
