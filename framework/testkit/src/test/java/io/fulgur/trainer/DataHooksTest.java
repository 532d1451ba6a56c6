package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.HostBatch;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hooks of a data module around a batch's way to the model, and when a run fails. */
class DataHooksTest {
  private static final class Recorder extends DataModule {
    private final List<String> calls = new ArrayList<>();
    private boolean failing;

    @Override
    public DataLoader trainLoader() {
      return BoringData.loader(1);
    }

    @Override
    public HostBatch onBeforeBatchTransfer(HostBatch batch, int dataloaderIndex) {
      calls.add("before " + dataloaderIndex);
      return batch;
    }

    @Override
    public Batch transferBatch(HostBatch batch, int dataloaderIndex) {
      calls.add("transfer " + dataloaderIndex);
      return super.transferBatch(batch, dataloaderIndex);
    }

    @Override
    public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
      calls.add("after " + dataloaderIndex);
      if (failing) {
        throw new IllegalStateException("broken data");
      }
      return batch;
    }

    @Override
    public void onException(Throwable failure) {
      calls.add(failure.getMessage());
    }

    @Override
    public void teardown(RunKind kind) {
      calls.add("teardown");
    }
  }

  @Test
  void fit_ofOneBatch_callsTheHooksOfTransferInOrder() {
    Recorder data = new Recorder();
    TestTrainers.quiet().maxEpochs(1).build().fit(new BoringModule(), data);
    assertThat(data.calls).containsExactly("before 0", "transfer 0", "after 0", "teardown");
  }

  @Test
  void fit_thatFails_tellsTheDataModuleBeforeTeardown() {
    Recorder data = new Recorder();
    data.failing = true;
    assertThatThrownBy(
            () -> TestTrainers.quiet().maxEpochs(1).build().fit(new BoringModule(), data))
        .hasMessageContaining("broken data");
    assertThat(data.calls)
        .containsExactly("before 0", "transfer 0", "after 0", "broken data", "teardown");
  }
}
