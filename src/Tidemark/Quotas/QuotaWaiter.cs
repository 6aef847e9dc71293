namespace Tidemark.Quotas;

/// <summary>A call that waits at a gate.</summary>
/// <param name="request">The call.</param>
/// <param name="arrivedAt">When it came.</param>
internal sealed class QuotaWaiter(QuotaRequest request, long arrivedAt)
{
    private readonly TaskCompletionSource<IQuotaPermit> _permit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public QuotaRequest Request => request;

    public long ArrivedAt => arrivedAt;

    /// <summary>True once a round of the gate has left it waiting.</summary>
    public bool HadToWait { get; private set; }

    /// <summary>Ends with the permit.</summary>
    public Task<IQuotaPermit> Permit => _permit.Task;

    /// <summary>A round has left it waiting.</summary>
    public void HasToWait()
    {
        if (HadToWait) return;
        HadToWait = true;
        request.OnWait();
    }

    /// <summary>False if it does not wait any more.</summary>
    public bool Grant(IQuotaPermit permit) => _permit.TrySetResult(permit);

    public void Fail(Exception error) => _permit.TrySetException(error);

    public void Cancel(CancellationToken cancellationToken) => _permit.TrySetCanceled(cancellationToken);
}
