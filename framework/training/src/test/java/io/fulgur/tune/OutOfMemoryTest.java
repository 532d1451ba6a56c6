package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {
  private static Throwable thrown(ThrowableAssert.ThrowingCallable action) {
    return catchThrowable(action);
  }

  @Test
  void caused_heapExhausted_isTrue() {
    assertThat(OutOfMemory.caused(thrown(() -> new float[Integer.MAX_VALUE].clone()))).isTrue();
  }

  @Test
  void caused_nativeLimitOfTheEngine_isTrue() {
    Throwable failure = thrown(() -> Tensor.zeros(DType.F32, 1L << 40));

    assertThat(failure).isNotNull();
    assertThat(OutOfMemory.caused(failure)).as("%s", failure).isTrue();
    assertThat(OutOfMemory.caused(new IllegalStateException("The worker failed", failure)))
        .isTrue();
  }

  @Test
  void caused_textsOfNativeCode_isTrue() {
    assertThat(OutOfMemory.caused(new RuntimeException("std::bad_alloc"))).isTrue();
    assertThat(OutOfMemory.caused(new RuntimeException("CUDA error: out of memory"))).isTrue();
    assertThat(OutOfMemory.caused(new IllegalStateException("Allocation failed: [ 0 ]"))).isTrue();
  }

  @Test
  void caused_anythingElse_isFalse() {
    assertThat(OutOfMemory.caused(new IllegalStateException("shapes differ"))).isFalse();
    assertThat(OutOfMemory.caused(new RuntimeException())).isFalse();
    assertThat(OutOfMemory.caused(new OutOfMemoryError("unable to create native thread: ...")))
        .isFalse();
  }
}
