/** This package's version, as the `Waybill` header and `GET /v1` tell it. */
export const VERSION = "0.1.0";
