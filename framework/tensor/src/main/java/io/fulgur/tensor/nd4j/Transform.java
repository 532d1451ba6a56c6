package io.fulgur.tensor.nd4j;

/** ND4J's families of element-wise functions of one array, by the type of the result. */
enum Transform {
  /** The input's type, any. */
  SAME,
  /** The input's type, floating-point. */
  STRICT,
  /** A floating-point type. */
  FLOAT,
  /** Boolean. */
  BOOL
}
