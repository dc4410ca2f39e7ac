/** The part of cephes that is used. The package has types of its own, but its export map hides them from ES modules. */
declare module 'cephes' {
  /** Settles when the WebAssembly code is ready; no function may be called before. */
  export const compiled: Promise<void>;
  /** Regularised incomplete beta function I_x(a, b). */
  export function incbet(a: number, b: number, x: number): number;
  /** Quantile of Student's t with k degrees of freedom. */
  export function stdtri(k: number, p: number): number;
}
