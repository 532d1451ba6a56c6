package io.fulgur.tune;

import io.fulgur.RunKind;
import io.fulgur.data.Batch;
import io.fulgur.data.DataHooks;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.HostBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of a fit, the data module's or the module's, for trying something out: read by loaders
 * of its own, so that those of the fit stay where they are.
 */
final class TrialData extends DataModule implements AutoCloseable {
  private final DataModule data;
  private final DataHooks module;
  private final boolean within;
  private final List<DataLoader> copies = new ArrayList<>();

  private TrialData(DataModule data, DataHooks module, boolean within) {
    this.data = data;
    this.module = module;
    this.within = within;
  }

  /** Returns the data of a run that has set it up, for a run within that. */
  static TrialData within(DataModule data, DataHooks module) {
    return new TrialData(data, module, /* within= */ true);
  }

  /** Returns data for a run of its own, which sets it up and tears it down. */
  static TrialData alone(DataModule data, DataHooks module) {
    return new TrialData(data, module, /* within= */ false);
  }

  /** {@inheritDoc} The transfer of batches is the user's, be it the data's or the module's. */
  @Override
  public DataModule unwrapped() {
    return data.unwrapped();
  }

  @Override
  public void prepareData() {
    if (!within) {
      data.prepareData();
    }
  }

  @Override
  public void setup(RunKind kind) {
    if (!within) {
      data.setup(kind);
    }
  }

  @Override
  public void teardown(RunKind kind) {
    if (!within) {
      data.teardown(kind);
    }
  }

  @Override
  public void onException(Throwable failure) {
    if (!within) {
      data.onException(failure);
    }
  }

  private DataLoader copy(DataLoader loader) {
    DataLoader copy = loader.copy();
    copies.add(copy);
    return copy;
  }

  @Override
  public DataLoader trainLoader() {
    return copy((data.hasTrainLoader() ? data : module).trainLoader());
  }

  @Override
  public List<DataLoader> validationLoaders() {
    List<DataLoader> own = data.validationLoaders();
    List<DataLoader> all = own.isEmpty() ? module.validationLoaders() : own;
    return all.stream().map(this::copy).toList();
  }

  @Override
  public HostBatch onBeforeBatchTransfer(HostBatch batch, int dataloaderIndex) {
    return data.onBeforeBatchTransfer(batch, dataloaderIndex);
  }

  @Override
  public Batch transferBatch(HostBatch batch, int dataloaderIndex) {
    return data.transferBatch(batch, dataloaderIndex);
  }

  @Override
  public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
    return data.onAfterBatchTransfer(batch, dataloaderIndex);
  }

  /** Ends the threads of the trial's loaders. */
  @Override
  public void close() {
    copies.forEach(DataLoader::close);
  }
}
