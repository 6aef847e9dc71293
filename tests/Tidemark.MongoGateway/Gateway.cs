using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Tidemark.MongoGateway.Commands;
using Tidemark.MongoGateway.Faults;
using Tidemark.MongoGateway.Wire;

namespace Tidemark.MongoGateway;

/// <summary>Listens for clients of MongoDB and answers each connection's commands one after another, as the protocol has it.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly NpgsqlDataSource _server;
    private readonly CommandTable _commands;
    private readonly FaultPlan _plan;
    private int _connections;

    /// <param name="port">Where it listens on 127.0.0.1; 0 for a free one.</param>
    /// <param name="serverPort">Where DocumentDB's PostgreSQL listens on 127.0.0.1.</param>
    /// <param name="plan">What is to go wrong.</param>
    public Gateway(int port, int serverPort, FaultPlan plan)
    {
        _plan = plan;
        _server = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={serverPort};Username=postgres;Database=postgres;Maximum Pool Size=150;Max Auto Prepare=30;Auto Prepare Min Usages=2;No Reset On Close=true;Command Timeout=0");
        _commands = new CommandTable(new DocumentDb(_server, new CursorStore()), TimeProvider.System);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public string Url => $"mongodb://{_listener.LocalEndpoint}/";

    /// <summary>Serves until it is cancelled.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(cancellationToken);
            client.NoDelay = true;
            _ = ServeAsync(client, Interlocked.Increment(ref _connections), cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return _server.DisposeAsync();
    }

    private async Task ServeAsync(TcpClient client, int number, CancellationToken cancellationToken)
    {
        using var _ = client;
        try
        {
            var messages = new MessageStream(client.GetStream());
            while (await messages.ReadAsync(cancellationToken) is { } request)
            {
                var fault = _plan.Meet(request.Name);
                if (fault is Fault.Unread) return;
                var started = Stopwatch.GetTimestamp();
                var answer = fault is Fault.Error error
                    ? Answers.Error(error.Code, "as the test wanted")
                    : await _commands.AnswerAsync(request, number, fault as Fault.Items, cancellationToken);
                _plan.Took(request.Name, Stopwatch.GetElapsedTime(started));
                if (fault is Fault.Unanswered) return;
                if (fault is Fault.Hold hold) await hold.Released.WaitAsync(cancellationToken);
                if (request.IsAnswered) await messages.WriteAsync(request, answer, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client is gone, or this process is about to.
        }
        catch (NpgsqlException e)
        {
            // The server is gone, and its clients lose their connections, as they would without a gateway. What the pool holds is dead, too.
            _server.Clear();
            await Console.Error.WriteLineAsync($"connection {number} is cut: {e.Message}");
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"connection {number} is cut: {e}");
        }
    }
}
