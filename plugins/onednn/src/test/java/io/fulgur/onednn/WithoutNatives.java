package io.fulgur.onednn;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Tensor;

/** What a program does that has the plugin but not its natives on the class path. */
final class WithoutNatives {
  private WithoutNatives() {}

  public static void main(String[] arguments) {
    Tensor product = Tensor.ones(4, 8).matmul(Tensor.ones(8, 2));
    System.out.println("product " + product.sum().item());
    System.out.println("prefers " + Engine.defaultEngine().prefersChannelsLast(DType.F32));
  }
}
