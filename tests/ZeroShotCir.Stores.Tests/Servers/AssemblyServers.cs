using ZeroShotCir.Tests.Servers;

[assembly: AssemblyFixture(typeof(GarnetCluster))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
