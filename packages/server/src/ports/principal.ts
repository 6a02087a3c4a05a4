/** Who asks: a user of a tenant. Everything stored belongs to exactly one principal. */
export interface Principal {
  /** The customer whose data this is; `"default"` where there is only one. */
  readonly tenant: string;
  /** The person within the tenant. */
  readonly user: string;
}
