using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Access;
using Tidemark.Destinations;
using Tidemark.Server.Access;

namespace Tidemark.Server.Tests.Access;

public sealed class ApiKeyRingTests
{
    private readonly ManualTime _time = new();
    private readonly ScriptedKeys _store = new();
    private readonly ApiKeyRing _ring;

    public ApiKeyRingTests() => _ring = new ApiKeyRing(_store, "p", _time, NullLogger.Instance);

    [Fact]
    public async Task Keys_are_read_once_for_all_requests_of_three_seconds()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _ring.GetAsync(default).AsTask()));
        _store.Reads.ShouldBe(1);
        _time.Advance(ApiKeyRing.FreshFor);
        await _ring.GetAsync(default);
        _store.Reads.ShouldBe(2);
    }

    [Fact]
    public async Task Known_keys_hold_while_the_store_is_away_but_not_for_ever()
    {
        (await _ring.GetAsync(default)).Count.ShouldBe(1);
        _store.IsAway = true;
        for (var away = TimeSpan.Zero; away + ApiKeyRing.FreshFor < ApiKeyRing.StaleFor; away += ApiKeyRing.FreshFor)
        {
            _time.Advance(ApiKeyRing.FreshFor);
            (await _ring.GetAsync(default)).Count.ShouldBe(1);
        }
        _time.Advance(ApiKeyRing.FreshFor);
        await Should.ThrowAsync<DestinationException>(() => _ring.GetAsync(default).AsTask());
        _store.IsAway = false;
        (await _ring.GetAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_that_were_never_read_are_an_error()
    {
        _store.IsAway = true;
        await Should.ThrowAsync<DestinationException>(() => _ring.GetAsync(default).AsTask());
    }

    [Fact]
    public async Task Slow_store_is_waited_for_two_seconds_once_and_then_by_nobody()
    {
        await _ring.GetAsync(default);
        _store.Gate = new TaskCompletionSource();
        _time.Advance(ApiKeyRing.FreshFor);
        var first = _ring.GetAsync(default).AsTask();
        first.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await first).Count.ShouldBe(1);
        _time.Advance(ApiKeyRing.FreshFor);
        _ring.GetAsync(default).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        _store.Reads.ShouldBe(2);
        _store.Keys = [];
        _store.Gate.SetResult();
        // What comes in the background is there in the end.
        while ((await _ring.GetAsync(default)).Count > 0) await Task.Yield();
        _store.Reads.ShouldBe(2);
    }

    private sealed class ScriptedKeys : IApiKeyStore
    {
        public int Reads { get; private set; }

        public bool IsAway { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public IReadOnlyList<ApiKey> Keys { get; set; } = [new ApiKey("k", new byte[32], default)];

        public async Task<IReadOnlyList<ApiKey>> ListKeysAsync(string pipeline, CancellationToken cancellationToken)
        {
            Reads++;
            if (Gate is { } gate) await gate.Task;
            await Task.Yield();
            return IsAway ? throw new DestinationException(DestinationFault.Temporary, "away") : Keys;
        }

        public Task<bool> AddKeyAsync(string pipeline, ApiKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RevokeKeyAsync(string pipeline, string name, DateTimeOffset at, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
